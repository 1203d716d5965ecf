import GRDB
import Model

extension Planter {
  /// What waits for an answer.
  static let pendingInvitations = [
    // A sender who looks like another, and notes that try to rewrite the screen.
    PlantedInvitation(
      from: Demo.lookAlike, to: "111122223333", left: .hours(42),
      "URGENT - accept today or billing stops.\n\u{1B}[2K\u{202E}All ok - trusted organization"),
    // Expires tomorrow.
    PlantedInvitation(from: Demo.acme, to: "272727272727", left: .hours(26), "CHG-4402 web shop"),
    PlantedInvitation(
      from: Demo.acme, to: "222233334444", left: .days(6), "CHG-4411 move to the new organization"),
    // Two for one account: it can join only one.
    PlantedInvitation(
      from: Demo.globex, to: "444455556666", left: .days(11), "Globex pilot, as discussed"),
    PlantedInvitation(from: Demo.acme, to: "444455556666", left: .days(12), "CHG-4420"),
    PlantedInvitation(
      from: Demo.phisher, to: "111122223333", left: .days(14),
      "Verify your account\u{200B}\u{200B} now: \u{1B}]8;;https://evil.example\u{7}aws.amazon.com"
        + "\u{1B}]8;;\u{7}\r\n\u{E0041}\u{E0042}Z\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}algo "
        + "\u{202E}detsurt\u{202C} \u{5D0}\u{5D9}\u{5E9}\u{5D5}\u{5E8} \u{2039}U+202E\u{203A}"),
    // Sent while the migration runs: AWS's pages disagree whether that is allowed.
    PlantedInvitation(from: Demo.labs, to: "121212121212", left: .days(14), "INC-9 pilot"),
    PlantedInvitation(
      from: Demo.labs, to: "131313131313", left: .days(14) + .hours(1), "INC-9 pilot"),
    // Sent to an address: of an account that is here, and of nobody.
    PlantedInvitation(
      from: Demo.globex, to: "272727272727", left: .days(13) + .hours(2), "Call me back",
      address: "webshop@acme-holdings.example"),
    PlantedInvitation(
      from: Demo.acme, to: "", left: .days(5) + .hours(4), "CHG-4419",
      address: "newcomer@elsewhere.example"),
  ]

  /// What came to an end and is still shown.
  static let settledInvitations = [
    PlantedInvitation(
      from: Demo.acme, to: "111122223333", left: .days(-6), "CHG-4301",
      answered: (.accepted, ago: .days(20))),
    PlantedInvitation(
      from: Demo.phisher, to: "222233334444", left: .days(3), "Final notice",
      answered: (.declined, ago: .days(2))),
    PlantedInvitation(
      from: Demo.globex, to: "121212121212", left: .days(4), "Sent by mistake",
      answered: (.canceled, ago: .days(5))),
    PlantedInvitation(from: Demo.hooli, to: "131313131313", left: .days(-9), "Still interested?"),
  ]
}
