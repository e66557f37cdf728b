/**
 * Node's own modules, loaded when they are used. An `import` of `node:http` reads every export, and thereby loads the
 * WebSocket client behind one of them: 30 ms in each command, where this takes 3.
 */
export const builtin = {
  get http() {
    return process.getBuiltinModule('node:http')
  },
  get https() {
    return process.getBuiltinModule('node:https')
  },
  get net() {
    return process.getBuiltinModule('node:net')
  },
  get childProcess() {
    return process.getBuiltinModule('node:child_process')
  },
  get crypto() {
    return process.getBuiltinModule('node:crypto')
  },
}
