"""Whether two records are one enterprise: codes first, then names, then how alike names are."""
