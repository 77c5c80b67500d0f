"""Words that every stage shares: moments, periods, money, slugs, errors. No Django."""
