package zhunyu.engine;

import javax.sql.DataSource;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.defaults.DefaultSqlSession;
import org.apache.ibatis.session.defaults.DefaultSqlSessionFactory;
import org.apache.ibatis.transaction.Transaction;

/**
 * Sessions on a database of their own with the statements that another engine of the same settings has read: reading
 * them is most of what opening an engine costs. The engine's own switch for this also shares the database.
 */
class Sessions extends DefaultSqlSessionFactory {
  private final DataSource database;

  Sessions(Configuration statements, DataSource database) {
    super(statements);
    this.database = database;
  }

  @Override
  public SqlSession openSession() {
    Configuration statements = getConfiguration();
    Transaction transaction =
        statements.getEnvironment().getTransactionFactory().newTransaction(database, null, false);
    return new DefaultSqlSession(statements, statements.newExecutor(transaction), false);
  }
}
