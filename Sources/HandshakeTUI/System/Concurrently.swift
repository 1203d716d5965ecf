/// So many services are asked at once: more would only wait for each other's buckets.
let widthOfAsking = 16

/// What `body` makes of each input, in their order; at most `width` at a time.
func concurrently<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], width: Int = widthOfAsking, _ body: @escaping @Sendable (Input) async -> Output
) async -> [Output] {
  await withTaskGroup(of: (Int, Output).self) { group in
    var outputs: [Int: Output] = [:]
    for (index, input) in inputs.enumerated() {
      if index >= width, let (done, output) = await group.next() { outputs[done] = output }
      group.addTask { (index, await body(input)) }
    }
    for await (done, output) in group { outputs[done] = output }
    return inputs.indices.compactMap { outputs[$0] }
  }
}
