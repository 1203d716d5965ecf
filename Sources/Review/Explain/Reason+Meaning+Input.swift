import Model

extension Reason {
  static let input: [Reason: Meaning] = [
    .invalidPattern: Meaning(
      "A value does not have the required form, or the notes look like a script.",
      "Correct it: a handshake id is h- and 8 to 32 lower-case letters or digits."),
    .invalidPartyTypeTarget: Meaning(
      "A target is an account or an e-mail address.", "Name one of the two."),
    .invalidEmailAddressTarget: Meaning(
      "The target is not an e-mail address.", "Correct the address."),
    .invalidPatternTargetId: Meaning(
      "The target is not an account id.", "An account id has twelve digits."),
    .invalidEnum: Meaning("A value is not one of the allowed values.", "Correct it."),
    .invalidListMember: Meaning("A member of a list is not allowed there.", "Correct it."),
    .inputRequired: Meaning("A value is missing.", "Add it."),
    .callerRequiredFieldMissing: Meaning(
      "The caller's account, or its management account or organization, is missing.",
      "Check who is calling with `handshake info`."),
    .maxLengthExceeded: Meaning("A text is too long.", "Shorten it; notes hold 1,024 characters."),
    .minLengthExceeded: Meaning("A text is too short.", "Give a longer one."),
    .maxValueExceeded: Meaning("A number is too large.", "Give a smaller one."),
    .minValueExceeded: Meaning("A number is too small.", "Give a larger one."),
    .invalidNextToken: Meaning(
      "The listing cannot be continued where it stopped.", "Refresh: it starts from the beginning."),
    .maxLimitExceededFilter: Meaning(
      "A listing can be filtered by action or by parent, not by both.", "Give one of the two."),
    .duplicateTagKey: Meaning("Two tags have the same key.", "Give each key once."),
    .invalidSystemTagsParameter: Meaning(
      "Keys that begin with aws: are reserved.", "Choose another key."),
    .targetNotSupported: Meaning(
      "This cannot be done to that target.", "Choose another target."),
    .startDateNotBeginningOfMonth: start,
    .startDateNotBeginningOfDay: start,
    .startDateTooEarly: start,
    .startDateTooLate: start,
    .invalidStartDate: start,
    .endDateNotEndOfMonth: end,
    .endDateTooEarly: end,
    .endDateTooLate: end,
    .invalidEndDate: Meaning(
      "The partner's notice period does not allow this end date.", "Choose a later end of a month."),
    .unsupportedActionInResponsibilityTransfer: Meaning(
      "A billing transfer does not support this value.", "Correct it."),
  ]

  private static let start = Meaning(
    "A billing transfer begins on the first day of the next month or the one after, at 00:00 UTC.",
    "Choose such a date.")
  private static let end = Meaning(
    "A billing transfer ends at the end of this month or the next, at 23:59:59.999 UTC.",
    "Choose such a date.")
}
