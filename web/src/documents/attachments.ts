/** Files that are attached to a PDF. */
export async function attachmentsOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const [pdfjs, { default: workerUrl }] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'),
  ]);
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
  const loading = pdfjs.getDocument({ data: bytes.slice(), isEvalSupported: false, useWasm: false });
  try {
    const found = (await (await loading.promise).getAttachments()) as Record<string, { content: Uint8Array }> | null;
    return Object.values(found ?? {}).map((file) => file.content);
  } finally {
    await loading.destroy();
  }
}
