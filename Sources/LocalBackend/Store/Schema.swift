/// The tables of the store's file, and the migrations that create them.
///
/// The domain's rules are repeated here as constraints, so that the file refuses what a bug in the
/// service would get wrong.
enum Schema {
  /// The application id in SQLite's header, `hshk`, which marks the files of this program.
  static let applicationID: Int32 = 0x6873_686B
  /// The schema's version, in SQLite's header as `user_version`.
  ///
  /// A program refuses files of a version newer than its own.
  static let version: Int32 = 2

  /// Brings a file to `version`, from whatever earlier one it has, in one transaction.
  ///
  /// A new file is of version 0. If another process was faster, nothing is left to do.
  ///
  /// - Throws: `DatabaseError` as SQLite fails; the file is then unchanged.
  static func migrate(_ database: Database, to version: Int32 = version) throws {
    try database.transaction(.immediate) {
      let present = try database.number("PRAGMA user_version") ?? 0
      for (number, statements) in migrations.enumerated()
      where number >= present && number < version {
        try database.script(statements)
      }
      guard present < version else { return }
      try database.script("PRAGMA user_version = \(version)")
    }
  }

  /// The statements that take a file from each version, counted from 0, to the next.
  ///
  /// A migration that has been released is never changed. Programs built with GRDB found the
  /// version in the table `grdb_migrations`, and open a file of this version only with it.
  private static let migrations = [
    """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    \(accounts)\(organizations)\(handshakes)\(permissions)\(settings)
    INSERT INTO grdb_migrations (identifier) VALUES ('1');
    """,
    """
    \(version2)
    INSERT INTO grdb_migrations (identifier) VALUES ('2');
    """,
  ]

  /// All tables, each before the tables that it refers to.
  static let tables = tablesSinceVersion2 + tablesOfVersion1

  /// Returns the tables that a file of `version` must have.
  static func tables(of version: Int) -> [String] { version < 2 ? tablesOfVersion1 : tables }

  private static let tablesSinceVersion2 = ["account_creations"]

  private static let tablesOfVersion1 = [
    "buckets", "attempts", "denied_actions", "policy_denials", "account_tags", "handshake_tags",
    "handshakes", "responsibility_transfers", "delegated_administrators", "memberships",
    "organizations", "accounts", "settings",
  ]
}

extension Schema {
  /// The tables of denied actions, in place of a policy language.
  ///
  /// They hold the actions denied to an account's principal, and those that an organization's
  /// policies deny to its members. Actions are named as in IAM (`organizations:AcceptHandshake`).
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

  /// The table of settings, with one row for all users of the file, and the token buckets.
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

extension Schema {
  /// The tables of accounts and their tags, with the properties that handshakes depend on.
  ///
  /// Times are milliseconds since 1970 (UTC); `name` is any bytes that its owner chose.
  static let accounts = """
    CREATE TABLE accounts (
      id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 12 AND id NOT GLOB '*[^0-9]*'),
      name BLOB NOT NULL CHECK (length(name) BETWEEN 1 AND 512),
      email TEXT NOT NULL UNIQUE COLLATE NOCASE
        CHECK (length(email) BETWEEN 6 AND 64 AND email LIKE '_%@_%'),
      created INTEGER NOT NULL,
      -- The organization that made it, which need not be the one it is in.
      created_by TEXT REFERENCES organizations (id) DEFERRABLE INITIALLY DEFERRED,
      status TEXT NOT NULL DEFAULT 'ACTIVE'
        CHECK (status IN ('ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE')),
      -- Who sells AWS to it: accounts of two sellers cannot share an organization.
      seller TEXT NOT NULL DEFAULT 'AWS Inc.' CHECK (seller <> ''),
      payment TEXT NOT NULL DEFAULT 'valid' CHECK (payment IN ('valid', 'invalid', 'none')),
      email_verified INTEGER NOT NULL DEFAULT 1 CHECK (email_verified IN (0, 1)),
      phone_verified INTEGER NOT NULL DEFAULT 1 CHECK (phone_verified IN (0, 1)),
      agreement_accepted INTEGER NOT NULL DEFAULT 1 CHECK (agreement_accepted IN (0, 1)),
      past_due INTEGER NOT NULL DEFAULT 0 CHECK (past_due IN (0, 1)),
      prepaid_balance INTEGER NOT NULL DEFAULT 0 CHECK (prepaid_balance IN (0, 1)),
      legacy_permissions INTEGER NOT NULL DEFAULT 0 CHECK (legacy_permissions IN (0, 1)),
      -- AWSServiceRoleForOrganizations exists in it.
      service_linked_role INTEGER NOT NULL DEFAULT 0 CHECK (service_linked_role IN (0, 1))
    ) STRICT;

    CREATE TABLE account_tags (
      account TEXT NOT NULL REFERENCES accounts (id),
      key BLOB NOT NULL CHECK (length(key) > 0),
      value BLOB NOT NULL,
      PRIMARY KEY (account, key)
    ) STRICT;
    """

  /// The tables of organizations, memberships and delegated administrators.
  ///
  /// An account is in at most one organization, and a management account is in its own: it cannot
  /// be moved as long as the organization exists.
  static let organizations = """
    CREATE TABLE organizations (
      id TEXT NOT NULL PRIMARY KEY CHECK (
        id GLOB 'o-*' AND length(id) BETWEEN 12 AND 34 AND substr(id, 3) NOT GLOB '*[^a-z0-9]*'),
      management_account TEXT NOT NULL UNIQUE REFERENCES accounts (id),
      feature_set TEXT NOT NULL CHECK (feature_set IN ('ALL', 'CONSOLIDATED_BILLING')),
      created INTEGER NOT NULL,
      -- Accounts it may have, pending invitations included.
      account_limit INTEGER NOT NULL DEFAULT 10 CHECK (account_limit > 0),
      -- Until then it is still being set up, and invites nobody.
      ready INTEGER,
      -- Until then a longer change (an account being created) holds it: others must wait.
      changing_until INTEGER,
      FOREIGN KEY (id, management_account) REFERENCES memberships (organization, account)
        DEFERRABLE INITIALLY DEFERRED
    ) STRICT;

    CREATE TABLE memberships (
      account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
      organization TEXT NOT NULL REFERENCES organizations (id),
      method TEXT NOT NULL CHECK (method IN ('INVITED', 'CREATED')),
      joined INTEGER NOT NULL,
      UNIQUE (organization, account)
    ) STRICT;

    CREATE TABLE delegated_administrators (
      account TEXT NOT NULL,
      organization TEXT NOT NULL,
      service TEXT NOT NULL CHECK (service <> ''),
      PRIMARY KEY (account, service),
      FOREIGN KEY (organization, account) REFERENCES memberships (organization, account)
    ) STRICT;
    """
}

extension Schema {
  /// The tables of transfers, handshakes and their tags, and of the invitations sent.
  ///
  /// `seq` is the order of a listing and the position in its page tokens. The indexes by recipient
  /// and by sender end with it, so that a page is read without sorting.
  static let handshakes = """
    CREATE TABLE responsibility_transfers (
      id TEXT NOT NULL PRIMARY KEY CHECK (
        id GLOB 'rt-*' AND length(id) BETWEEN 11 AND 35 AND substr(id, 4) NOT GLOB '*[^0-9a-z]*'),
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
      starts INTEGER NOT NULL,
      payer TEXT NOT NULL REFERENCES organizations (id),
      source TEXT REFERENCES organizations (id) CHECK (source <> payer),
      accepted INTEGER,
      withdrawn INTEGER,
      CHECK ((source IS NULL) = (accepted IS NULL)),
      CHECK (withdrawn IS NULL OR accepted IS NOT NULL)
    ) STRICT;
    CREATE UNIQUE INDEX one_transfer_per_source ON responsibility_transfers (source)
      WHERE accepted IS NOT NULL AND withdrawn IS NULL;

    CREATE TABLE handshakes (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (
        id GLOB 'h-*' AND length(id) BETWEEN 10 AND 34 AND substr(id, 3) NOT GLOB '*[^0-9a-z]*'),
      organization TEXT NOT NULL REFERENCES organizations (id),
      kind TEXT NOT NULL
        CHECK (kind IN ('invitation', 'consent', 'roleConsent', 'finalisation', 'transfer')),
      action TEXT NOT NULL CHECK (action IN ('INVITE', 'ENABLE_ALL_FEATURES',
        'APPROVE_ALL_FEATURES', 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE',
        'TRANSFER_RESPONSIBILITY')),
      -- A pending one past `expires` reads as EXPIRED before anything has written it.
      state TEXT NOT NULL CHECK (
        state IN ('REQUESTED', 'OPEN', 'CANCELED', 'ACCEPTED', 'DECLINED', 'EXPIRED')),
      requested INTEGER NOT NULL,
      expires INTEGER NOT NULL,
      -- When it came to its end; the service forgets it 30 days later.
      ended INTEGER,
      target_type TEXT CHECK (target_type IN ('ACCOUNT', 'EMAIL')),
      target TEXT COLLATE NOCASE,
      -- The account that answers. Of an address, the account that has it, if any.
      recipient TEXT REFERENCES accounts (id),
      parent TEXT REFERENCES handshakes (id) ON DELETE CASCADE,
      transfer TEXT REFERENCES responsibility_transfers (id),
      notes BLOB CHECK (length(notes) <= 4096),
      CHECK (expires > requested),
      CHECK ((ended IS NULL) = (state IN ('REQUESTED', 'OPEN'))),
      CHECK ((kind = 'finalisation') = (target IS NULL)),
      CHECK ((target_type IS NULL) = (target IS NULL)),
      CHECK (target_type IS NOT 'ACCOUNT' OR recipient IS NULL OR recipient = target),
      CHECK (kind <> 'finalisation' OR recipient IS NULL),
      CHECK ((kind IN ('consent', 'roleConsent')) = (parent IS NOT NULL)),
      CHECK ((kind = 'transfer') = (transfer IS NOT NULL)),
      CHECK ((kind = 'invitation') = (action = 'INVITE')),
      CHECK ((kind = 'transfer') = (action = 'TRANSFER_RESPONSIBILITY')),
      CHECK (state <> 'REQUESTED' OR kind IN ('finalisation', 'transfer'))
    ) STRICT;
    CREATE INDEX handshakes_received ON handshakes (recipient) WHERE recipient IS NOT NULL;
    CREATE INDEX handshakes_sent ON handshakes (organization);
    CREATE INDEX handshakes_children ON handshakes (parent) WHERE parent IS NOT NULL;
    CREATE INDEX handshakes_unresolved ON handshakes (target)
      WHERE recipient IS NULL AND target IS NOT NULL;
    CREATE INDEX handshakes_transfer ON handshakes (transfer) WHERE transfer IS NOT NULL;
    CREATE INDEX handshakes_expiring ON handshakes (expires) WHERE ended IS NULL;
    CREATE INDEX handshakes_ended ON handshakes (ended) WHERE ended IS NOT NULL;
    -- One pending handshake for an action and target, however the target was written.
    CREATE UNIQUE INDEX one_pending_per_target ON handshakes (organization, kind, target)
      WHERE ended IS NULL AND target IS NOT NULL;
    CREATE UNIQUE INDEX one_pending_per_recipient ON handshakes (organization, kind, recipient)
      WHERE ended IS NULL AND recipient IS NOT NULL;
    CREATE UNIQUE INDEX one_pending_finalisation ON handshakes (organization)
      WHERE ended IS NULL AND kind = 'finalisation';

    -- Put on the account when it joins.
    CREATE TABLE handshake_tags (
      handshake TEXT NOT NULL REFERENCES handshakes (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      key BLOB NOT NULL CHECK (length(key) > 0),
      value BLOB NOT NULL,
      PRIMARY KEY (handshake, position),
      UNIQUE (handshake, key)
    ) STRICT;

    -- Invitations sent, for the quota of 24 hours. An accepted one is given back.
    CREATE TABLE attempts (
      handshake TEXT NOT NULL PRIMARY KEY,
      organization TEXT NOT NULL REFERENCES organizations (id),
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX attempts_of ON attempts (organization, at);
    """
}

extension Schema {
  /// The changes of version 2: the end of transfers, and the requests to create accounts.
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
