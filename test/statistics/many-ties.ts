/** 40 architectures with 23 truths at most and few scores; a formula that Python gives the same values for. */
const truth = Array.from({ length: 40 }, (_, i) => ((((i * 17) % 41) * 7) % 23) / 23)

export const manyTies = { truth, scores: truth.map((value, i) => Math.floor(10 * (value + Math.sin(5 * i) / 3))) }
