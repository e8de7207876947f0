'use strict';
// Node's `EventEmitter`: listeners are called in order, each at once; nothing of it is asynchronous.
const kShapeMode = Symbol('shapeMode');
const kCapture = Symbol('kCapture');
let defaultMaxListeners = 10;

function EventEmitter(options) {
  if (options !== undefined) host.refuse('EventEmitter with options');
  EventEmitter.init.call(this);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

EventEmitter.init = function () {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = { __proto__: null };
    this._eventsCount = 0;
    this[kShapeMode] = false;
  } else {
    this[kShapeMode] = true;
  }
  this._maxListeners = this._maxListeners || undefined;
  this[kCapture] = false;
};

function checkListener(listener) {
  if (typeof listener !== 'function') throw host.argumentError('listener', 'of type function', listener);
}

function add(target, type, listener, first) {
  checkListener(listener);
  let events = target._events;
  if (events === undefined) {
    events = target._events = { __proto__: null };
    target._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    target.emit('newListener', type, listener.listener ?? listener);
    events = target._events;
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    ++target._eventsCount;
    return target;
  }
  if (typeof existing === 'function') events[type] = first ? [listener, existing] : [existing, listener];
  else if (first) existing.unshift(listener);
  else existing.push(listener);
  const list = events[type];
  const most = target._maxListeners ?? defaultMaxListeners;
  if (most > 0 && list.length > most && !list.warned) {
    list.warned = true;
    host.warn(
      `MaxListenersExceededWarning: Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ` +
        `${host.inspect(target, { depth: -1 })}. Use emitter.setMaxListeners() to increase limit`,
    );
  }
  return target;
}

function onceWrapper(...args) {
  if (this.fired) return undefined;
  this.target.removeListener(this.type, this.wrapFn);
  this.fired = true;
  return this.listener.apply(this.target, args);
}

function wrapOnce(target, type, listener) {
  const state = { fired: false, wrapFn: undefined, target, type, listener };
  const wrapped = onceWrapper.bind(state);
  wrapped.listener = listener;
  state.wrapFn = wrapped;
  return wrapped;
}

function unhandled(emitter, args) {
  const error = args[0];
  if (error instanceof Error) throw error;
  let shown;
  try { shown = host.inspect(error); } catch { shown = error; }
  const e = host.codedError('Error', 'ERR_UNHANDLED_ERROR', `Unhandled error. (${shown})`);
  e.context = error;
  throw e;
}

function all(emitter, type, unwrap) {
  const existing = emitter._events === undefined ? undefined : emitter._events[type];
  if (existing === undefined) return [];
  const list = typeof existing === 'function' ? [existing] : existing.slice();
  return unwrap ? list.map((f) => f.listener || f) : list;
}

const methods = {
  setMaxListeners(n) {
    if (typeof n !== 'number' || n < 0 || n !== n) host.refuse('setMaxListeners of anything but a number from 0 on');
    this._maxListeners = n;
    return this;
  },
  getMaxListeners() {
    return this._maxListeners ?? defaultMaxListeners;
  },
  emit(type, ...args) {
    const events = this._events;
    const handler = events === undefined ? undefined : events[type];
    if (handler === undefined) {
      if (type === 'error') unhandled(this, args);
      return false;
    }
    if (typeof handler === 'function') {
      handler.apply(this, args);
    } else {
      for (const listener of handler.slice()) listener.apply(this, args);
    }
    return true;
  },
  addListener(type, listener) {
    return add(this, type, listener, false);
  },
  on: null,
  prependListener(type, listener) {
    return add(this, type, listener, true);
  },
  once(type, listener) {
    checkListener(listener);
    this.on(type, wrapOnce(this, type, listener));
    return this;
  },
  prependOnceListener(type, listener) {
    checkListener(listener);
    this.prependListener(type, wrapOnce(this, type, listener));
    return this;
  },
  removeListener(type, listener) {
    checkListener(listener);
    const events = this._events;
    const list = events === undefined ? undefined : events[type];
    if (list === undefined) return this;
    if (list === listener || list.listener === listener) {
      this._eventsCount -= 1;
      if (this[kShapeMode]) {
        events[type] = undefined;
      } else if (this._eventsCount === 0) {
        this._events = { __proto__: null };
      } else {
        delete events[type];
        if (events.removeListener) this.emit('removeListener', type, list.listener || listener);
      }
      return this;
    }
    if (typeof list === 'function') return this;
    let at = list.length - 1;
    while (at >= 0 && list[at] !== listener && list[at].listener !== listener) at--;
    if (at < 0) return this;
    list.splice(at, 1);
    if (list.length === 1) events[type] = list[0];
    if (events.removeListener !== undefined) this.emit('removeListener', type, listener);
    return this;
  },
  off: null,
  removeAllListeners(...types) {
    const events = this._events;
    if (events === undefined) return this;
    if (events.removeListener !== undefined) host.refuse("removeAllListeners of an emitter with listeners of 'removeListener'");
    if (types.length === 0) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
    } else if (events[types[0]] !== undefined) {
      this._eventsCount -= 1;
      if (this._eventsCount === 0) this._events = { __proto__: null };
      else delete events[types[0]];
    }
    this[kShapeMode] = false;
    return this;
  },
  listeners(type) {
    return all(this, type, true);
  },
  rawListeners(type) {
    return all(this, type, false);
  },
  listenerCount(type, listener) {
    const list = all(this, type, false);
    return listener == null ? list.length : list.filter((f) => f === listener || f.listener === listener).length;
  },
  eventNames() {
    return this._eventsCount > 0 ? keysOf(this._events) : [];
  },
};

function keysOf(object) {
  return [...Object.getOwnPropertyNames(object), ...Object.getOwnPropertySymbols(object)];
}

methods.on = methods.addListener;
methods.off = methods.removeListener;
for (const name of Object.keys(methods)) EventEmitter.prototype[name] = methods[name];

module.exports = EventEmitter;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.listenerCount = (emitter, type) => emitter.listenerCount(type);
Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  enumerable: true,
  get: () => defaultMaxListeners,
  set(n) {
    if (typeof n !== 'number' || n < 0 || n !== n) host.refuse('defaultMaxListeners of anything but a number from 0 on');
    defaultMaxListeners = n;
  },
});
host.missing(
  EventEmitter, 'events', 'addAbortListener', 'once', 'on', 'getEventListeners', 'getMaxListeners', 'usingDomains',
  'captureRejectionSymbol', 'captureRejections', 'EventEmitterAsyncResource', 'errorMonitor', 'setMaxListeners',
);
