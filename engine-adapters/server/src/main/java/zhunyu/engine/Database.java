package zhunyu.engine;

/** Where an engine keeps its rows. {@code pool} is the largest number of connections it may hold. */
record Database(String jdbcUrl, String user, String password, int pool) {}
