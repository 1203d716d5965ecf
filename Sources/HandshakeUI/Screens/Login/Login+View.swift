import Drawing
import Model
import Text

extension State {
  func draw(_ login: LoginDialog, _ canvas: inout Canvas) {
    let width = max(1, dialogRect(rows: 1).columns - 4)
    let lines = loginLines(login).flatMap { $0.wrapped(to: width) }
    let title = Line("LOG IN: \(pen.exact(login.profile))", .heading)
    canvas.box(dialogRect(rows: lines.count + 2), title) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: 0, in: rest.insetByOne)
      canvas.placeCursor(row: 0, column: 1)
      let copies = login.invitation == nil ? Line() : Line(" y", .key) + Line(" copy the address  ")
      canvas.draw([copies + Line(" Esc", .key) + Line(" cancel")], from: 0, in: keys)
    }
  }

  private func loginLines(_ login: LoginDialog) -> [Line] {
    guard let invitation = login.invitation else {
      return [Line("Requesting an address and a code ...", .warning)]
    }
    let end = (login.since ?? uptime) + invitation.validFor
    let left =
      end > uptime ? "valid for \(pen.span(end - uptime))" : "expired: Esc, then L again"
    return [
      Line("Open this address in a browser, on any machine, and log in there:"), Line(),
      Line(pen.exact(invitation.url), .input, bold: true), Line(),
      Line("Compare the code there:  ")
        + Line(pen.exact(invitation.code), .input, bold: true)
        + Line("   \(left)", end > uptime ? .quiet : .danger),
      Line(
        "Confirm it only if both are the same: confirming a code logs in whoever requested it.",
        .quiet),
      Line(), Line("Waiting for the browser.", .warning),
    ]
  }

  func draw(_ question: CodeQuestion, _ canvas: inout Canvas) {
    let width = max(1, dialogRect(rows: 1).columns - 4)
    let request = question.request
    let lines = [
      Line("profile  ", .quiet) + Line(pen.exact(request.profile)),
      Line("device   ", .quiet) + Line(pen.exact(request.device)), Line(),
      Line("Six digits of the device. They are neither shown nor stored."),
    ].flatMap { $0.wrapped(to: width, indent: 9) }
    canvas.box(dialogRect(rows: lines.count + 3), Line("ONE-TIME CODE", .heading)) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: 0, in: rest.insetByOne)
      let row = lines.count
      let stars = String(repeating: "*", count: question.typed.count)
      canvas.draw(Line(" > ", .heading) + Line(stars, .input), row: row)
      canvas.placeCursor(row: row, column: 3 + question.typed.count)
      let isReady = question.typed.code != nil
      canvas.draw(
        [
          Line(" Enter", isReady ? .key : .quiet) + Line(" submit", isReady ? .plain : .quiet)
            + Line("   Esc", .key) + Line(" none: the profile stays unknown")
        ], from: 0, in: keys)
    }
  }
}

extension Rect {
  /// Without its first and last column.
  fileprivate var insetByOne: Rect {
    Rect(row: row, column: column + 1, rows: rows, columns: max(0, columns - 2))
  }
}
