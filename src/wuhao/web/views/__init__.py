"""Views, one module a page kind's subject: they call selectors and services, and shape."""
