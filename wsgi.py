"""What a WSGI server imports: ``gunicorn wsgi:app``."""

from bookclub.app import create_app

app = create_app()
