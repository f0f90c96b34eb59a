// Looks again whether it is there.
setTimeout(() => location.reload(), 1000);
