// Draw the first page of a PDF and return it as a PNG in base64.
async ([pdf, scale]) => {
  const pdfjs = await import("/build/pdf.min.mjs");
  pdfjs.GlobalWorkerOptions.workerSrc = "/build/pdf.worker.min.mjs";
  const data = Uint8Array.from(atob(pdf), (char) => char.charCodeAt(0));
  const document_ = await pdfjs.getDocument({ data, disableFontFace: true }).promise;
  const page = await document_.getPage(1);
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  const drawn = { canvas, canvasContext: canvas.getContext("2d"), viewport };
  await page.render({ ...drawn, annotationMode: pdfjs.AnnotationMode.ENABLE }).promise;
  return canvas.toDataURL("image/png").split(",")[1];
}
