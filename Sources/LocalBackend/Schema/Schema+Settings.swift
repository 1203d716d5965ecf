extension Schema {
  /// Two tables and no policy language: what an account's one principal may not do, and what an
  /// organization's policies deny to its members. Actions are IAM's (`organizations:AcceptHandshake`).
  static let permissions = """
    CREATE TABLE denied_actions (
      account TEXT NOT NULL REFERENCES accounts (id),
      action TEXT NOT NULL CHECK (action LIKE '_%:_%'),
      PRIMARY KEY (account, action)
    ) STRICT;

    CREATE TABLE policy_denials (
      organization TEXT NOT NULL REFERENCES organizations (id),
      action TEXT NOT NULL CHECK (action LIKE '_%:_%'),
      PRIMARY KEY (organization, action)
    ) STRICT;
    """

  /// One row that holds for every user of the file, and the token buckets.
  static let settings = """
    CREATE TABLE settings (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      reading TEXT NOT NULL CHECK (reading IN ('guide', 'reference')),
      throttle INTEGER NOT NULL CHECK (throttle IN (0, 1)),
      size INTEGER CHECK (size > 0),
      empty INTEGER NOT NULL CHECK (empty IN (0, 1)),
      seed INTEGER NOT NULL,
      -- How far `advance` has moved the store's clock ahead of the wall clock, in milliseconds.
      clock_offset INTEGER NOT NULL DEFAULT 0 CHECK (clock_offset >= 0),
      CHECK (size IS NULL OR empty = 0)
    ) STRICT;

    -- Thousandths of a token, as they stood at `at`.
    CREATE TABLE buckets (
      scope TEXT NOT NULL,
      operation TEXT NOT NULL,
      tokens INTEGER NOT NULL CHECK (tokens >= 0),
      at INTEGER NOT NULL,
      PRIMARY KEY (scope, operation)
    ) STRICT;
    """
}
