// Node 20 lacks Promise.withResolvers, which packages of js-libp2p use.
Promise.withResolvers ??= function () {
  let resolve
  let reject
  const promise = new this((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
