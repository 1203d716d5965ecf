extension Schema {
  /// Version 2: how transfers end, and the requests to create accounts.
  static let version2 = """
    -- The last instant of the transfer, chosen by whoever withdrew from it.
    ALTER TABLE responsibility_transfers ADD COLUMN ends INTEGER
      CHECK (ends IS NULL OR withdrawn IS NOT NULL);

    CREATE TABLE account_creations (
      id TEXT NOT NULL PRIMARY KEY CHECK (
        id GLOB 'car-*' AND length(id) BETWEEN 12 AND 36 AND substr(id, 5) NOT GLOB '*[^a-z0-9]*'),
      organization TEXT NOT NULL REFERENCES organizations (id),
      name BLOB NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
      requested INTEGER NOT NULL,
      completed INTEGER NOT NULL CHECK (completed >= requested),
      -- Either the account that was made, or why none was.
      account TEXT REFERENCES accounts (id),
      failure TEXT CHECK (
        failure IN ('ACCOUNT_LIMIT_EXCEEDED', 'EMAIL_ALREADY_EXISTS', 'INVALID_EMAIL')),
      CHECK ((account IS NULL) = (failure IS NOT NULL))
    ) STRICT;
    """
}
