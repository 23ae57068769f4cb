/**
 * Colours of drawings that stand on their own ground, light or dark by the reader's setting.
 *
 * @module
 */

/** Classes: `sgp-ground` fills the ground, `sgp-ink` text, `sgp-soft` less important text. */
export const THEME = `<style>
.sgp-ground { fill: #ffffff } .sgp-ink { fill: #111111 } .sgp-soft { fill: #595959 }
.sgp-line { stroke: #d6d6d0 }
@media (prefers-color-scheme: dark) {
.sgp-ground { fill: #16181a } .sgp-ink { fill: #ececec } .sgp-soft { fill: #a8a8a8 }
.sgp-line { stroke: #3b4046 } }
</style>`;
