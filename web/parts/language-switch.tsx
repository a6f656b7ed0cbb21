import { LANGUAGES, type Language } from '../strings/language.ts';
import { language, speak } from '../strings/spoken.ts';

/** The other languages, each in its own words: whoever looks for one may not read this one. */
export function LanguageSwitch() {
  const others = (Object.keys(LANGUAGES) as Language[]).filter((each) => each !== language.value);
  return (
    <span class="languages">
      {others.map((each) => (
        <button key={each} type="button" class="language" lang={each} onClick={() => speak(each)}>
          {LANGUAGES[each]}
        </button>
      ))}
    </span>
  );
}
