/** The text of a file, put in when the driver is built. */
declare module '*?raw' {
  const text: string;

  // biome-ignore lint/style/noDefaultExport: that is how Vite gives it
  export { text as default };
}
