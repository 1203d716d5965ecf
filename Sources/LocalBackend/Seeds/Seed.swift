import GRDB
import Model

/// What a new store holds.
enum Seed {
  static func plant(_ options: Store.Options, now: Timestamp, in db: Database) throws {
    var planter = Planter(options, now: now, db: db)
    if options.empty {
      try planter.plantNothingSent()
    } else if let size = options.size {
      try planter.plantMany(size)
    } else {
      try planter.plantDemo(options.reading)
    }
  }
}

extension Planter {
  /// One organization with all features and its management account, one standalone account.
  func plantNothingSent() throws {
    try account("100000000001", "management", "management@example.com") {
      $0.serviceLinkedRole = true
    }
    try account("100000000002", "standalone", "standalone@example.com")
    try organization("o-empty00000", managedBy: "100000000001") {
      $0.accountLimit = OrganizationRow.usualLimit
    }
  }
}
