package dev.plimsoll.guard;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;

/**
 * Is told of the requests of one event loop, those that the guard refuses included; on that loop,
 * in this order for each of them.
 */
public interface RequestWatch {
  /** Nobody is told. */
  RequestWatch NONE =
      new RequestWatch() {
        @Override
        public void begun(HttpServerRequest request) {}

        @Override
        public void refused(HttpServerRequest request) {}

        @Override
        public void answered(HttpServerRequest request) {}

        @Override
        public void gone(HttpConnection connection) {}
      };

  /** Its head has come. */
  void begun(HttpServerRequest request);

  /** It is turned away. */
  void refused(HttpServerRequest request);

  /** Its answer has been written. */
  void answered(HttpServerRequest request);

  /** A connection has closed, with whatever was still to be answered on it. */
  void gone(HttpConnection connection);
}
