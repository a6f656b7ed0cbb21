import type { Spot } from '../../stage/layout.ts';
import type { Stage } from '../../stage/stage.ts';
import { moreLabel, pinLabel, STRINGS } from '../../strings/index.ts';
import { Icon } from '../icon.tsx';
import { Menu } from '../menu.tsx';

interface TilePinProps {
  readonly stage: Stage;
  readonly spot: Spot;
  readonly name: string;
}

/** The whole tile is a button that makes it large, by pointer and by keyboard; its menu says in words what that does. */
export function TilePin({ stage, spot, name }: TilePinProps) {
  const pinned = stage.isPinned(spot);
  const toggle = () => stage.togglePin(spot);
  return (
    <>
      <button type="button" class="tile-pin" aria-label={pinLabel(name)} aria-pressed={pinned} onClick={toggle} />
      <Menu name="tile" label={moreLabel(name)} look="corner">
        <button type="button" class="menu-item" onClick={toggle}>
          <Icon name={pinned ? 'unpin' : 'pin'} />
          {pinned ? STRINGS.stage.unpin : STRINGS.stage.pin}
        </button>
      </Menu>
    </>
  );
}
