"""Link previews: what other sites show of a link to a page, and the picture that is drawn for it."""
