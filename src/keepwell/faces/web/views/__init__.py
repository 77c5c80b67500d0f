"""From a request to a page object and its template: each view asks stages, decides nothing."""
