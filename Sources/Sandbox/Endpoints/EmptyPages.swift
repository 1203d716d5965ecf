import Model
import Text
import Wire

/// Pages that hold nothing and go on, as the service's own may.
enum EmptyPages {
  /// Tells the token of a page that was held back from the service's own tokens.
  private static let mark = Array("empty.".utf8)

  /// A listing's body with the service's own token in it again; and whether that page was held back
  /// before, and must come now.
  static func resume(_ body: [UInt8]) -> (body: [UInt8], wasHeldBack: Bool) {
    guard case .object(var members) = (try? JSONValue.read(body)) ?? .null,
      let index = members.firstIndex(where: { $0.name == Untrusted("NextToken") }),
      let token = members[index].value.string, token.bytes.starts(with: mark)
    else { return (body, false) }
    let own = Untrusted(bytes: token.bytes.dropFirst(mark.count))
    if own.isEmpty { members.remove(at: index) } else { members[index].value = .string(own) }
    return (JSONValue.object(members).json(.wire), true)
  }

  /// The page instead of the one that `body` asks for.
  static func page(_ operation: Operation, _ body: [UInt8]) -> [UInt8] {
    let own = ((try? JSONValue.read(body)) ?? .null)["NextToken"]?.string?.bytes ?? []
    let list =
      switch operation {
      case .listAccounts: "Accounts"
      case .listInboundResponsibilityTransfers, .listOutboundResponsibilityTransfers:
        "ResponsibilityTransfers"
      default: "Handshakes"
      }
    return JSONValue.members([
      (list, .array([])), ("NextToken", .string(Untrusted(bytes: mark + own))),
    ]).json(.wire)
  }
}
