/** A picture that two people can name to each other. */
export interface CodeEmoji {
  /** One code point that shows as a picture without a variation selector. */
  readonly symbol: string;
  readonly english: string;
  readonly italian: string;
}

const row = (symbol: string, english: string, italian: string): CodeEmoji => ({ symbol, english, italian });

/**
 * 64 things, 6 bits each, none younger than Unicode 9. Left out: faces, hands and flags, and whatever looks or sounds
 * like another one here in either language (unicorn and horse; gallo and gatto; limone and leone). The order is part of
 * the code.
 */
export const CODE_EMOJI: readonly CodeEmoji[] = [
  row('🐶', 'dog', 'cane'),
  row('🐱', 'cat', 'gatto'),
  row('🦁', 'lion', 'leone'),
  row('🐴', 'horse', 'cavallo'),
  row('🐷', 'pig', 'maiale'),
  row('🐘', 'elephant', 'elefante'),
  row('🐰', 'rabbit', 'coniglio'),
  row('🐼', 'panda', 'panda'),
  row('🐸', 'frog', 'rana'),
  row('🐧', 'penguin', 'pinguino'),
  row('🐢', 'turtle', 'tartaruga'),
  row('🐍', 'snake', 'serpente'),
  row('🐟', 'fish', 'pesce'),
  row('🐙', 'octopus', 'polpo'),
  row('🦋', 'butterfly', 'farfalla'),
  row('🐝', 'bee', 'ape'),
  row('🌹', 'rose', 'rosa'),
  row('🌲', 'tree', 'albero'),
  row('🌵', 'cactus', 'cactus'),
  row('🍄', 'mushroom', 'fungo'),
  row('🌙', 'moon', 'luna'),
  row('⭐', 'star', 'stella'),
  row('🔥', 'fire', 'fuoco'),
  row('🌈', 'rainbow', 'arcobaleno'),
  row('⚡', 'lightning', 'fulmine'),
  row('🌊', 'wave', 'onda'),
  row('🌋', 'volcano', 'vulcano'),
  row('⛄', 'snowman', 'pupazzo di neve'),
  row('🍌', 'banana', 'banana'),
  row('🍎', 'apple', 'mela'),
  row('🍓', 'strawberry', 'fragola'),
  row('🍇', 'grapes', 'uva'),
  row('🌽', 'corn', 'mais'),
  row('🍔', 'hamburger', 'hamburger'),
  row('🍕', 'pizza', 'pizza'),
  row('🍰', 'cake', 'torta'),
  row('🧀', 'cheese', 'formaggio'),
  row('🍦', 'ice cream', 'gelato'),
  row('☕', 'coffee', 'caffè'),
  row('🎩', 'top hat', 'cilindro'),
  row('👓', 'glasses', 'occhiali'),
  row('👑', 'crown', 'corona'),
  row('👟', 'shoe', 'scarpa'),
  row('⌛', 'hourglass', 'clessidra'),
  row('⏰', 'alarm clock', 'sveglia'),
  row('🎁', 'gift', 'regalo'),
  row('💡', 'light bulb', 'lampadina'),
  row('📖', 'book', 'libro'),
  row('🔑', 'key', 'chiave'),
  row('🔨', 'hammer', 'martello'),
  row('📷', 'camera', 'fotocamera'),
  row('🎸', 'guitar', 'chitarra'),
  row('🎺', 'trumpet', 'tromba'),
  row('🥁', 'drum', 'tamburo'),
  row('🔔', 'bell', 'campana'),
  row('⚓', 'anchor', 'ancora'),
  row('☔', 'umbrella', 'ombrello'),
  row('⚽', 'ball', 'pallone'),
  row('🏆', 'trophy', 'coppa'),
  row('🚲', 'bicycle', 'bicicletta'),
  row('🚂', 'train', 'treno'),
  row('🚀', 'rocket', 'razzo'),
  row('⛵', 'boat', 'barca'),
  row('🤖', 'robot', 'robot'),
];

const EMOJI_OF_A_CODE = 6;

/** Six of 64 are 36 bits: one guess in 69 billion, and commit and reveal leave an attacker one guess a round. */
export function sixEmoji(hash: Uint8Array): readonly CodeEmoji[] {
  const picked = [...hash.subarray(0, EMOJI_OF_A_CODE)].flatMap((byte) => CODE_EMOJI[byte % CODE_EMOJI.length] ?? []);
  if (picked.length !== EMOJI_OF_A_CODE) throw new RangeError(`${hash.byteLength} bytes for six emoji`);
  return picked;
}
