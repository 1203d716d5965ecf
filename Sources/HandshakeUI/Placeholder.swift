enum HandshakeUIPlaceholder {}
