import { ElMessageBox } from 'element-plus';

/** Asks before something that isn't easily taken back; both ways are named. */
export function isSure(asked: { title: string; text: string; yes: string; no: string }): Promise<boolean> {
  const { title, text, yes, no } = asked;
  return ElMessageBox.confirm(text, title, { confirmButtonText: yes, cancelButtonText: no }).then(
    () => true,
    () => false,
  );
}
