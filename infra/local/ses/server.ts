import ses from 'aws-ses-v2-local';

/*
 * aws-ses-v2-local as a process of its own. It delivers to nobody: what would have been sent is shown
 * at /, and is at /store for programs, until the process ends.
 */

const { HOST: host = '127.0.0.1', PORT: port = '8005' } = process.env;

await ses.default({ host, port: Number(port) });
console.log(JSON.stringify({ event: 'ready', port }));
