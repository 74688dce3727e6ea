"""HTML, byte exact: scanner, rewriter and the held forms."""
