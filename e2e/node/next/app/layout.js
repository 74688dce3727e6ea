export const metadata = { title: "Field notes" };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        <script src="https://gate.test/_gate/embed/shop.test.js" />
      </head>
      <body>{children}</body>
    </html>
  );
}
