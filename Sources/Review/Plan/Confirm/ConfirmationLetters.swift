import Model

/// The two letters that make a challenge one that nobody can have typed ahead (UX-14.3).
public enum ConfirmationLetters {
  /// Without `i`, `l` and `o`, which some fonts draw like digits.
  private static let alphabet = [UInt8]("abcdefghjkmnpqrstuvwxyz".utf8)

  /// Two letters, each as likely as any other.
  public static func draw(from random: any RandomSource) -> String {
    var letters: [UInt8] = []
    let fair = 256 / alphabet.count * alphabet.count
    while letters.count < 2 {
      for byte in random.bytes(4) where Int(byte) < fair && letters.count < 2 {
        letters.append(alphabet[Int(byte) % alphabet.count])
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }
}
