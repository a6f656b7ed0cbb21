import { Call, fromFragment, type RemoteTrack } from 'conclave/client';

const asked = new URLSearchParams(location.search);
const [server, token, displayName] = ['server', 'token', 'name'].map((name) => asked.get(name) ?? '') as [
  string,
  string,
  string,
];
const call = new Call({ displayName, ...fromFragment(location.hash) });
const videos = new Map<RemoteTrack, HTMLVideoElement>();

call.on('peerJoined', (peer) => document.body.append(`${peer.displayName} is here. `));
call.on('trackPublished', (track) => {
  if (track.kind === 'audio') return;
  const video = document.body.appendChild(document.createElement('video'));
  videos.set(track, video);
  track.attach(video);
});
call.on('trackUnpublished', (track) => videos.get(track)?.remove());
call.on('left', (reason) => document.body.append(`Left: ${JSON.stringify(reason)}`));
void call.setMicrophone(true);
void call.setCamera(true);
await call.join(server, token);
