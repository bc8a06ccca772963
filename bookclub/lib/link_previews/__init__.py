"""Pictures that other sites show beside a link, drawn as SVG."""
