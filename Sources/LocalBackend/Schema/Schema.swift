import GRDB

/// What is in the file, and how it becomes that.
///
/// The domain's rules stand here again as constraints: what a bug above gets wrong, the file refuses.
enum Schema {
  /// `hshk` in SQLite's header: tells our files from everybody else's.
  static let applicationID: Int32 = 0x6873_686B
  /// In SQLite's header too (`user_version`): a program reads no file that is newer than itself.
  static let version: Int32 = 2

  /// Each step takes a file from the version before to its own. A step that has been released is
  /// never changed.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(sql: accounts)
      try db.execute(sql: organizations)
      try db.execute(sql: handshakes)
      try db.execute(sql: permissions)
      try db.execute(sql: settings)
      try db.execute(sql: "PRAGMA user_version = 1")
    }
    migrator.registerMigration("2", foreignKeyChecks: .immediate) { db in
      try db.execute(sql: version2)
      try db.execute(sql: "PRAGMA user_version = 2")
    }
    return migrator
  }

  /// Every table of ours, those that refer to others first.
  static let tables = tablesSinceVersion2 + tablesOfVersion1

  /// Those that a file of `version` must have.
  static func tables(of version: Int) -> [String] { version < 2 ? tablesOfVersion1 : tables }

  private static let tablesSinceVersion2 = ["account_creations"]

  private static let tablesOfVersion1 = [
    "buckets", "attempts", "denied_actions", "policy_denials", "account_tags", "handshake_tags",
    "handshakes", "responsibility_transfers", "delegated_administrators", "memberships",
    "organizations", "accounts", "settings",
  ]
}
