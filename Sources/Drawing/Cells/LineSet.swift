import Text

/// The signs that lines, boxes and trees are made of.
public struct LineSet: Hashable, Sendable {
  public let horizontal: String
  public let vertical: String
  public let topLeft: String
  public let topRight: String
  public let bottomLeft: String
  public let bottomRight: String
  /// A branch with others below it, and the last one.
  public let branch: String
  public let lastBranch: String
  public let heavy: String
  /// Stands for what was cut off.
  public let cut: String
  public let dot: String

  public static let utf8 = LineSet(
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└",
    bottomRight: "┘", branch: "├─ ", lastBranch: "└─ ", heavy: "═", cut: "…", dot: "·")

  public static let ascii = LineSet(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
    bottomRight: "+", branch: "|- ", lastBranch: "`- ", heavy: "=", cut: "~", dot: ".")

  public static func of(_ charset: Charset) -> LineSet {
    switch charset {
    case .utf8: utf8
    case .ascii: ascii
    }
  }

  /// What stands before a tree's entry: for each level above, whether more entries follow there.
  public func treePrefix(above: [Bool], isLast: Bool) -> String {
    above.map { $0 ? "\(vertical)  " : "   " }.joined() + (isLast ? lastBranch : branch)
  }
}
