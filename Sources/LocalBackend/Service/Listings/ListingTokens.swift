import Model
import Text

/// Where a listing goes on.
struct ListingPlace: Hashable {
  /// Behind the item of this position; 0 is the beginning.
  var position: Int64
  /// An empty page has been given here.
  var paused = false

  static let beginning = ListingPlace(position: 0)
}

/// Makes and reads the tokens of one listing: 32 hexadecimal digits, of which half are a seal. A
/// token of another listing is refused.
struct ListingTokens {
  /// Tells listings apart.
  var listing: String

  func token(_ place: ListingPlace) -> PageToken {
    let written = UInt64(place.position) | (place.paused ? Self.pause : 0)
    return PageToken(Untrusted(Self.hexadecimal(seal(written)) + Self.hexadecimal(written)))
  }

  /// The beginning, without a token.
  func place(in token: PageToken?) throws -> ListingPlace {
    guard let token else { return .beginning }
    guard let text = token.text.asciiText, text.utf8.count == 32,
      let seal = UInt64(text.prefix(16), radix: 16),
      let written = UInt64(text.suffix(16), radix: 16),
      seal == self.seal(written)
    else {
      throw Refusal.invalidInput(
        .invalidNextToken,
        "Get the value for the NextToken parameter from the response to a "
          + "previous call of the operation.")
    }
    return ListingPlace(
      position: Int64(written & ~Self.pause), paused: written & Self.pause != 0)
  }

  private static let pause: UInt64 = 1 << 63

  /// FNV-1a: finds mistakes, keeps no secret.
  private func seal(_ written: UInt64) -> UInt64 {
    "\(listing) \(written)".utf8.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

extension Call {
  /// The most that a page holds.
  static let largestPage = 20

  /// One page of a listing whose items have growing positions, and the token of the next. With empty
  /// pages switched on, each page that holds something comes after one that does not.
  ///
  /// - Parameter items: the first so many items behind a position.
  func page<Item>(
    _ tokens: ListingTokens, at token: PageToken?, of limit: Int,
    _ items: (_ after: Int64, _ count: Int) throws -> [(position: Int64, item: Item)]
  ) throws -> (items: [Item], next: PageToken?) {
    let place = try tokens.place(in: token)
    if emptyPages, !place.paused {
      return ([], tokens.token(ListingPlace(position: place.position, paused: true)))
    }
    // One more tells whether there is a next page.
    let found = try items(place.position, limit + 1)
    let next = found.count > limit ? found[limit - 1].position : nil
    return (
      found.prefix(limit).map(\.item), next.map { tokens.token(ListingPlace(position: $0)) }
    )
  }
}
