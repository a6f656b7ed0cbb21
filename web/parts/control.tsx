import { Icon, type IconName } from './icon.tsx';

interface ControlProps {
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  /** `off` stands out: a person must see at a glance that they are not heard. */
  readonly look?: 'plain' | 'off' | 'active' | 'leave';
  /** Whether what the button opens stands open. */
  readonly expanded?: boolean;
  /** Something waits behind the button. */
  readonly marked?: boolean;
  /** The id of a popover that it shows and hides. */
  readonly opens?: string;
  readonly onPress?: () => void;
}

/** A round button. */
export function Control({ name, label, icon, look = 'plain', expanded, marked = false, opens, onPress }: ControlProps) {
  return (
    <button
      type="button"
      class="control"
      data-control={name}
      data-look={look}
      data-marked={marked}
      aria-label={label}
      aria-expanded={expanded}
      popovertarget={opens}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
