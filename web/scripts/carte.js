// The large map, loaded only when its button is pressed; the list stays the full answer.
//
// <div data-carte data-module="…/carte.js" data-style="…/maplibre.css" data-travailleur="…/maplibre-worker.js" data-tuiles="TILES" data-points="/api/v1/lieux?format=geojson" …>
//
// `data-tuiles` is the address of a MapLibre style (ending in .json) or a template of raster tiles with {z}, {x} and {y}.
// `data-points` answers GeoJSON points whose properties hold `nom` and `url`. `data-attribution` is shown on raster tiles.

import * as maplibre from "maplibre-gl";

const franceBounds = [[-5.5, 41.2], [9.8, 51.3]];

function styleSheet(url) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url, onload: resolve, onerror: reject });
    document.head.append(link);
  });
}

function mapStyle({ tuiles, attribution = "" }) {
  if (!tuiles.includes("{z}")) return tuiles;
  return {
    version: 8,
    sources: { fond: { type: "raster", tiles: [tuiles], tileSize: 256, attribution } },
    layers: [{ id: "fond", type: "raster", source: "fond" }],
  };
}

function bounds(features) {
  const box = new maplibre.LngLatBounds();
  features.forEach(({ geometry }) => box.extend(geometry.coordinates));
  return box.isEmpty() ? franceBounds : box;
}

function addPoints(map, points) {
  map.addSource("lieux", { type: "geojson", data: points, cluster: true, clusterRadius: 40, clusterMaxZoom: 13 });
  const circle = { "circle-color": "#0b4f5c", "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 };
  map.addLayer({ id: "groupes", type: "circle", source: "lieux", filter: ["has", "point_count"], paint: { ...circle, "circle-radius": ["step", ["get", "point_count"], 14, 10, 18, 100, 24] } });
  map.addLayer({ id: "lieux", type: "circle", source: "lieux", filter: ["!", ["has", "point_count"]], paint: { ...circle, "circle-radius": 8 } });
}

function bubble(map, feature) {
  const { nom, url } = feature.properties;
  const link = Object.assign(document.createElement("a"), { href: url, textContent: nom });
  new maplibre.Popup({ focusAfterOpen: true }).setLngLat(feature.geometry.coordinates).setDOMContent(link).addTo(map);
}

async function open(map, { features: [group] }) {
  const zoom = await map.getSource("lieux").getClusterExpansionZoom(group.properties.cluster_id);
  map.easeTo({ center: group.geometry.coordinates, zoom, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
}

/** Draws the map in its holder; rejects when the tiles or the points cannot be read. */
export async function ouvrir(holder) {
  const { style, travailleur, points: url, nom, zoomer, dezoomer } = holder.dataset;
  const [answer] = await Promise.all([fetch(url, { headers: { accept: "application/geo+json" } }), styleSheet(style)]);
  if (!answer.ok) throw new Error(`points: ${answer.status}`);
  const points = await answer.json();
  maplibre.setWorkerUrl(new URL(travailleur, location.href).href);
  const map = new maplibre.Map({
    container: holder.querySelector(".m-grande-carte__toile"),
    style: mapStyle(holder.dataset),
    bounds: bounds(points.features),
    fitBoundsOptions: { padding: 40, maxZoom: 14 },
    cooperativeGestures: true,
    locale: { "Map.Title": nom, "NavigationControl.ZoomIn": zoomer, "NavigationControl.ZoomOut": dezoomer },
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.addControl(new maplibre.ScaleControl());
  await new Promise((resolve, reject) => map.once("load", resolve).once("error", ({ error }) => reject(error)));
  addPoints(map, points);
  map.on("click", "lieux", ({ features: [feature] }) => bubble(map, feature));
  map.on("click", "groupes", (event) => open(map, event));
  map.getCanvas().setAttribute("aria-label", nom);
}
