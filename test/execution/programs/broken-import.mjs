import './no-such-module.mjs'

export default () => null
