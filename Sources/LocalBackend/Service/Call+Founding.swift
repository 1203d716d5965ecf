import GRDB
import Model

extension Call {
  func createOrganization(_ features: FeatureSet) throws -> Organization {
    try authorise()
    guard features.unknownText == nil else {
      throw Refusal.invalidInput(.invalidEnum, "The feature set is not valid.")
    }
    guard try callersOrganization() == nil else {
      throw Refusal(
        .alreadyInOrganization, nil,
        "This account is already a member of an organization. An account can belong to only one "
          + "organization at a time.")
    }
    let row = OrganizationRow(
      id: random.organizationID(), managementAccount: caller, featureSet: features, created: now)
    try row.insert(db)
    try execute("UPDATE accounts SET service_linked_role = 1 WHERE id = ?", [caller.text])
    return try describe(row)
  }
}
