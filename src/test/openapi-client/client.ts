// A program on call, by the types that the tracker's description of its management API brings: it has
// to compile. What must not compile is marked, and the compiler says so where it does.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

const api = createClient<paths>({ baseUrl: "https://tracker-1.example:7847" });
const headers = { Authorization: "Bearer a-token-of-an-operator" };

export async function largestChannel(): Promise<string | undefined> {
  const { data } = await api.GET("/api/v1/channels", { headers, params: { query: { top: 1, by: "joins" } } });
  // @ts-expect-error no such order
  await api.GET("/api/v1/channels", { headers, params: { query: { by: "beauty" } } });
  return data?.channels[0]?.swarm_id;
}

export async function nodesThatAreNotReady(): Promise<string[]> {
  const { data, error } = await api.GET("/api/v1/cluster", { headers });
  if (error) {
    throw new Error(error.title);
  }
  return data.nodes.filter((node) => !node.ready).map((node) => node.node ?? node.address);
}

export async function close(swarm: string): Promise<components["schemas"]["Rule"]> {
  const body = { kind: "close", what: swarm, why: "rights have ended", seconds: 3600 } as const;
  const { data, error } = await api.POST("/api/v1/rules", { headers, body });
  if (error) {
    throw new Error(error.detail);
  }
  await api.DELETE("/api/v1/rules/{id}", { headers, params: { path: { id: data.id } } });
  // @ts-expect-error who forbids something says why
  await api.POST("/api/v1/rules", { headers, body: { kind: "close", what: swarm, seconds: 3600 } });
  return data;
}

export async function kick(id: string): Promise<number> {
  const path = { id };
  const { data } = await api.GET("/api/v1/peers/{id}", { headers, params: { path } });
  // @ts-expect-error a peer has no such member
  data?.colour;
  const { response } = await api.POST("/api/v1/peers/{id}/kick", {
    headers,
    params: { path },
    body: { why: "a trial" },
  });
  return response.status;
}
