import { describe, expect, it } from "vitest";
import { judgeAddress } from "./judge-address";
import { judgeUrl } from "./judge-url";

const EVERYTHING = ["0.0.0.0/0", "::/0"];
const reasonOf = (text: string, rules = {}) => {
  try {
    judgeUrl(text, rules);
    return "allowed";
  } catch (error) {
    return (error as { reason?: string }).reason;
  }
};

describe("judged by address and by the text of a URL", () => {
  it.each(["127.0.0.1", "localhost", "a.localhost", "0.0.0.0", "[::1]", "[::]", "127.9.9.9", "0.1.2.3"])("SSRF-1 refuses %s", (host) => {
    expect(reasonOf(`https://${host}/`)).toBe("address");
  });
  it("SSRF-1 opens loopback by its network, never 0.0.0.0", () => {
    expect(reasonOf("https://127.0.0.1/", { networks: ["127.0.0.0/8"] })).toBe("allowed");
    expect(reasonOf("https://0.0.0.0/", { networks: EVERYTHING })).toBe("address");
  });
  it.each([
    "169.254.169.254",
    "[fd00:ec2::254]",
    "192.0.0.192",
    "100.100.100.200",
    "[::ffff:169.254.169.254]",
    "metadata.google.internal",
    "METADATA.google.internal.",
  ])("SSRF-2 refuses %s whatever is open", (host) => {
    expect(reasonOf(`https://${host}/`, { networks: EVERYTHING })).toBe("address");
  });
  it.each([
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "fc00::1",
    "fd12::1",
    "224.0.0.1",
    "ff02::1",
    "198.18.0.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "240.0.0.1",
    "255.255.255.255",
    "2001:db8::1",
    "2001:2::1",
    "64:ff9b:1::1",
    "fec0::1",
  ])("SSRF-3 refuses %s until its network is named", (address) => {
    expect(judgeAddress(address)).toBe("private");
    expect(judgeAddress(address, EVERYTHING)).toBe("allowed");
  });
  it("SSRF-3 never opens link-local addresses", () => {
    for (const address of ["169.254.1.1", "fe80::1"]) expect(judgeAddress(address, EVERYTHING)).toBe("never");
  });
  it.each(["::ffff:10.0.0.1", "::ffff:a00:1", "::10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"])("SSRF-4 judges %s by the address inside", (address) => {
    expect(judgeAddress(address)).toBe("private");
    expect(judgeAddress(address, ["10.0.0.0/8"])).toBe("allowed");
  });
  it("SSRF-4 lets public addresses through, wrapped or not", () => {
    for (const address of ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808", "2002:808:808::"]) expect(judgeAddress(address)).toBe("allowed");
  });
  it.each(["2130706433", "0177.0.0.1", "0x7f.1", "0x7f000001", "127.1", "127.0.0.1.", "localhost.", "１２７.０.０.１", "ⓛocalhost"])(
    "SSRF-5 reads %s as this machine",
    (host) => {
      expect(reasonOf(`https://${host}/`)).toBe("address");
    },
  );
  it.each(["file:///etc/passwd", "gopher://a.example/", "ftp://a.example/", "data:text/plain,a", "dict://a.example/", "http://a.example/"])(
    "SSRF-9 refuses %s",
    (url) => {
      expect(reasonOf(url)).toBe("scheme");
    },
  );
  it.each([
    "https://a@b.example/",
    "https://a:b@b.example/",
    "https://@b.example/",
    "https://a.example#@b.example/",
    "https://a.example\\@b.example/",
    "https://a.example/\r\nHost: b",
    "https://a.example/%0d%0aHost:b",
    "https://a\n.example/",
    "https:// a.example/",
    "https://a.example../",
    "not a url",
  ])("SSRF-10 refuses %j", (url) => {
    expect(reasonOf(url)).toBe("url");
  });
  it.each([22, 25, 5432, 6379])("SSRF-11 refuses port %i until it is named", (port) => {
    expect(reasonOf(`https://a.example:${port}/`)).toBe("port");
    expect(reasonOf(`https://a.example:${port}/`, { ports: [port] })).toBe("allowed");
  });
  it("SSRF-11 accepts the usual ports", () => {
    for (const port of [80, 443, 8080, 8443, 9000]) expect(reasonOf(`https://a.example:${port}/`)).toBe("allowed");
  });
});
