extension Schema {
  /// Accounts, as far as a handshake can meet them. Times are milliseconds since 1970 (UTC); `name`
  /// is whatever bytes its owner chose.
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

  /// Organizations and who is in them. An account is in one organization at most, and a management
  /// account is in its own: it can be moved nowhere while the organization stands.
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
