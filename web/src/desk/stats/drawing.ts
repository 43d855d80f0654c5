// From rows of numbers to what ECharts draws, in the colours of the house.
import type { ChartOption } from './chart'

export interface Line {
  name: string
  values: number[]
}
export interface Drawing {
  kind: 'lines' | 'bars' | 'stacked'
  /** Below the lines; beside the bars, the first on top. */
  names: string[]
  series: Line[]
}
export interface Colours {
  ink: string
  soft: string
  line: string
  paper: string
  series: string[]
}

export function colours_of(element: HTMLElement): Colours {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: token('ink'),
    soft: token('ink-soft'),
    line: token('line'),
    paper: token('paper'),
    series: ['action', 'done-mark', 'turn-mark', 'stop', 'ink-faint'].map(token),
  }
}

const k_shapes = ['circle', 'rect', 'triangle', 'diamond', 'pin']
/** A name longer than this is cut in a chart; the table beside it has it whole. */
export const short = (name: string, most = 12) =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name

export function option_of(drawing: Drawing, colours: Colours, calm: boolean): ChartOption {
  const lines = drawing.kind === 'lines'
  const names = lines ? drawing.names : [...drawing.names].reverse()
  const category = {
    type: 'category' as const,
    data: names,
    axisLabel: { color: colours.soft, formatter: (name: string) => short(name) },
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
  }
  // No half a filing on the axis; hours and shares have their fractions.
  const counts = drawing.series.every((one) => one.values.every(Number.isInteger))
  const value = {
    type: 'value' as const,
    minInterval: lines || counts ? 1 : undefined,
    axisLabel: { color: colours.soft },
    splitLine: { lineStyle: { color: colours.line } },
  }
  return {
    animation: !calm,
    color: colours.series,
    textStyle: { color: colours.ink, fontFamily: 'inherit' },
    grid: { left: 8, right: 20, top: 36, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: colours.ink }, show: drawing.series.length > 1 },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      axisPointer: { type: lines ? 'line' : 'shadow' },
      backgroundColor: colours.paper,
      borderColor: colours.line,
      textStyle: { color: colours.ink },
    },
    xAxis: lines ? category : value,
    yAxis: lines ? value : category,
    series: drawing.series.map((one, i) =>
      lines
        ? {
            type: 'line' as const,
            name: one.name,
            data: one.values,
            symbol: k_shapes[i % k_shapes.length],
            symbolSize: 6,
            showSymbol: one.values.length <= 62,
          }
        : {
            type: 'bar' as const,
            name: one.name,
            data: [...one.values].reverse(),
            stack: drawing.kind === 'stacked' ? 'all' : undefined,
            barMaxWidth: 18,
          },
    ),
  }
}
