extension Schema {
  /// Handshakes. `seq` is the order of a listing and what its page tokens point at; the indexes by
  /// recipient and by sender end in it, so that a page is read without sorting.
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
