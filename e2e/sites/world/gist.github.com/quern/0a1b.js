document.write("<div data-third-party=gist style=\"border:1px solid;padding:1em\">quern.toml</div>");
