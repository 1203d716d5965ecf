/// How failed requests are sent again. `legacy` is read as `standard`, which replaced it.
public enum RetryMode: String, Hashable, CaseIterable, Sendable {
  case standard
  case adaptive
  case legacy
}
