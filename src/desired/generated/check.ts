// Written by `npm run generate` from src/desired/schema/: do not edit.
/* Whether a value fits the schema: the same answer as the schema's own, many times faster. */
import type { CheckedItems } from '../checked-items.js';
import { isAddress, isMarkRange, isMulticastAddress, isPrefix } from '../formats.js';

const PATTERN_1 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");
const PATTERN_2 = new RegExp("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$");
const PATTERN_3 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$");
const PATTERN_4 = new RegExp("^[a-z0-9_-]{1,15}$");
const PATTERN_5 = new RegExp("^([.]|([A-Za-z0-9_-]{1,63}[.])*[A-Za-z0-9_-]{1,63}[.]?)$");
const PATTERN_6 = new RegExp("^CHECK_[A-Z0-9_]+$");
const PATTERN_7 = new RegExp("^[!-~]+$");
const PATTERN_8 = new RegExp("^[A-Za-z0-9.:_-]+$");
const PATTERN_9 = new RegExp("^\\/[!-~]*$");
const PATTERN_10 = new RegExp("^[!-~]*$");
const PATTERN_11 = new RegExp("^[A-Za-z0-9_-]+$");
const PATTERN_12 = new RegExp("^[ -~]*$");
const PATTERN_13 = new RegExp("^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$");
const PATTERN_14 = new RegExp("^sha256:[0-9a-f]{64}$");
const PATTERN_15 = new RegExp("^[A-Za-z0-9._-]+$");
const PATTERN_16 = new RegExp("^([0-9A-Fa-f][0-9A-Fa-f])+$");
const PATTERN_17 = new RegExp("^[^ /:]{1,15}$");
const PATTERN_18 = new RegExp("^[a-z0-9_]+$");

export function checkVirtualService(value: unknown, checked: CheckedItems): boolean {
  return fits109(value, checked);
}

export function checkDirector(value: unknown, checked: CheckedItems): boolean {
  return fits135(value, checked);
}

function fits1(value: unknown): boolean {
  return typeof value === 'string' && value === "ipvs-operator.io/v1alpha1";
}

function fits2(value: unknown): boolean {
  return typeof value === 'string' && value === "VirtualService";
}

function fits3(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 253 && PATTERN_1.test(value);
}

function fits4(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 317 && PATTERN_2.test(value);
}

function fits5(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 0 && value.length <= 63;
}

function fits6(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      default:
        if (!(fits4(key) && fits5(object[key]))) return false;
    }
  }
  return true;
}

function fits7(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 0 && value.length <= 262144;
}

function fits8(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      default:
        if (!(fits4(key) && fits7(object[key]))) return false;
    }
  }
  return true;
}

function fits9(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 63 && PATTERN_3.test(value);
}

function fits10(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "name":
        if (!(fits3(object["name"]))) return false;
        break;
      case "labels":
        if (!(fits6(object["labels"]))) return false;
        break;
      case "annotations":
        if (!(fits8(object["annotations"]))) return false;
        break;
      case "generateName":
        if (!(true)) return false;
        break;
      case "uid":
        if (!(true)) return false;
        break;
      case "resourceVersion":
        if (!(true)) return false;
        break;
      case "generation":
        if (!(true)) return false;
        break;
      case "selfLink":
        if (!(true)) return false;
        break;
      case "creationTimestamp":
        if (!(true)) return false;
        break;
      case "deletionTimestamp":
        if (!(true)) return false;
        break;
      case "deletionGracePeriodSeconds":
        if (!(true)) return false;
        break;
      case "finalizers":
        if (!(true)) return false;
        break;
      case "ownerReferences":
        if (!(true)) return false;
        break;
      case "managedFields":
        if (!(true)) return false;
        break;
      case "namespace":
        if (!(fits9(object["namespace"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["name"] === undefined) return false;
  return true;
}

function fits11(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 45 && isAddress(value);
}

function fits12(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 16)) return false;
  for (const item of value) if (!(fits11(item))) return false;
  return true;
}

function fits13(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 65535;
}

function fits14(value: unknown): boolean {
  return typeof value === 'string' && (value === "TCP" || value === "UDP" || value === "SCTP");
}

function fits15(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 65535;
}

function fits16(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "name":
        if (!(fits9(object["name"]))) return false;
        break;
      case "port":
        if (!(fits13(object["port"]))) return false;
        break;
      case "protocol":
        if (!(fits14(object["protocol"]))) return false;
        break;
      case "targetPort":
        if (!(fits15(object["targetPort"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["port"] === undefined) return false;
  return true;
}

function fits17(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 64)) return false;
  for (const item of value) if (!(checked.fit(fits16, item))) return false;
  return true;
}

function fits18(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 4294967295;
}

function fits19(value: unknown): boolean {
  return typeof value === 'string' && (value === "IPv4" || value === "IPv6");
}

function fits20(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 2)) return false;
  for (const item of value) if (!(fits19(item))) return false;
  return true;
}

function fits21(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "value":
        if (!(fits18(object["value"]))) return false;
        break;
      case "addressFamilies":
        if (!(fits20(object["addressFamilies"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["value"] === undefined) return false;
  return true;
}

function fits22(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 15 && PATTERN_4.test(value);
}

function fits23(value: unknown): boolean {
  return typeof value === 'string' && (value === "sh-fallback" || value === "sh-port" || value === "mh-fallback" || value === "mh-port");
}

function fits24(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length <= 2)) return false;
  for (const item of value) if (!(fits23(item))) return false;
  return true;
}

function fits25(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 2678400;
}

function fits26(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 32;
}

function fits27(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 128;
}

function fits28(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "timeoutSeconds":
        if (!(fits25(object["timeoutSeconds"]))) return false;
        break;
      case "ipv4PrefixLength":
        if (!(fits26(object["ipv4PrefixLength"]))) return false;
        break;
      case "ipv6PrefixLength":
        if (!(fits27(object["ipv6PrefixLength"]))) return false;
        break;
      case "engine":
        if (!(fits22(object["engine"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits29(value: unknown): boolean {
  return typeof value === 'string' && (value === "Masquerade" || value === "DirectRouting" || value === "Tunnel");
}

function fits30(value: unknown): boolean {
  return typeof value === 'string' && (value === "IPIP" || value === "GUE" || value === "GRE");
}

function fits31(value: unknown): boolean {
  return typeof value === 'string' && (value === "None" || value === "Standard" || value === "Remote");
}

function fits32(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "port":
        if (!(fits15(object["port"]))) return false;
        break;
      case "checksum":
        if (!(fits31(object["checksum"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["port"] === undefined) return false;
  return true;
}

function fits33(value: unknown): boolean {
  return typeof value === 'string' && (value === "None" || value === "Standard");
}

function fits34(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "checksum":
        if (!(fits33(object["checksum"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits35(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "type":
        if (!(fits30(object["type"]))) return false;
        break;
      case "gue":
        if (!(fits32(object["gue"]))) return false;
        break;
      case "gre":
        if (!(fits34(object["gre"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits36(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "method":
        if (!(fits29(object["method"]))) return false;
        break;
      case "tunnel":
        if (!(fits35(object["tunnel"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits37(value: unknown): boolean {
  return typeof value === 'string' && (value === "Enabled" || value === "Drain");
}

function fits38(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 4294967295;
}

function fits39(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "upper":
        if (!(fits38(object["upper"]))) return false;
        break;
      case "lower":
        if (!(fits38(object["lower"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits40(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "address":
        if (!(fits11(object["address"]))) return false;
        break;
      case "port":
        if (!(fits13(object["port"]))) return false;
        break;
      case "weight":
        if (!(fits13(object["weight"]))) return false;
        break;
      case "state":
        if (!(fits37(object["state"]))) return false;
        break;
      case "forwarding":
        if (!(fits36(object["forwarding"]))) return false;
        break;
      case "crossFamily":
        if (!(typeof object["crossFamily"] === 'boolean')) return false;
        break;
      case "connectionThresholds":
        if (!(fits39(object["connectionThresholds"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["address"] === undefined) return false;
  return true;
}

function fits41(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 1024)) return false;
  for (const item of value) if (!(checked.fit(fits40, item))) return false;
  return true;
}

function fits42(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "serviceName":
        if (!(fits9(object["serviceName"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["serviceName"] === undefined) return false;
  return true;
}

function fits43(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "weight":
        if (!(fits13(object["weight"]))) return false;
        break;
      case "forwarding":
        if (!(fits36(object["forwarding"]))) return false;
        break;
      case "connectionThresholds":
        if (!(fits39(object["connectionThresholds"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits44(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "endpointSlices":
        if (!(fits42(object["endpointSlices"]))) return false;
        break;
      case "defaults":
        if (!(fits43(object["defaults"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["endpointSlices"] === undefined) return false;
  return true;
}

function fits45(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 8)) return false;
  for (const item of value) if (!(checked.fit(fits44, item))) return false;
  return true;
}

function fits46(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 16)) return false;
  for (const item of value) if (!(checked.fit(fits40, item))) return false;
  return true;
}

function fits47(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 1024;
}

function fits48(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 67108864;
}

function fits49(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 67108864;
}

function fits50(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "minimumHealthy":
        if (!(fits47(object["minimumHealthy"]))) return false;
        break;
      case "minimumWeight":
        if (!(fits48(object["minimumWeight"]))) return false;
        break;
      case "hysteresis":
        if (!(fits49(object["hysteresis"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits51(value: unknown): boolean {
  return typeof value === 'string' && (value === "Drop" || value === "KeepAll");
}

function fits52(value: unknown): boolean {
  return typeof value === 'string' && (value === "Passing" || value === "Failing");
}

function fits53(value: unknown): boolean {
  return typeof value === 'string' && (value === "Remove" || value === "ZeroWeight");
}

function fits54(value: unknown): boolean {
  return typeof value === 'string' && (value === "Agent" || value === "DNS" || value === "Exec" || value === "GRPC" || value === "HTTP" || value === "Ping" || value === "SMTP" || value === "TCP" || value === "UDP");
}

function fits55(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 86400;
}

function fits56(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 300;
}

function fits57(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 100;
}

function fits58(value: unknown): boolean {
  return typeof value === 'string' && (value === "RealServer" || value === "VirtualAddress");
}

function fits59(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 1024;
}

function fits60(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "send":
        if (!(fits59(object["send"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits61(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 253 && PATTERN_5.test(value);
}

function fits62(value: unknown): boolean {
  return typeof value === 'string' && (value === "A" || value === "AAAA" || value === "CNAME" || value === "MX" || value === "NS" || value === "PTR" || value === "SOA" || value === "SRV" || value === "TXT");
}

function fits63(value: unknown): boolean {
  return typeof value === 'string' && (value === "NOERROR" || value === "FORMERR" || value === "SERVFAIL" || value === "NXDOMAIN" || value === "NOTIMP" || value === "REFUSED" || value === "NOTAUTH");
}

function fits64(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 512;
}

function fits65(value: unknown): boolean {
  return typeof value === 'string' && (value === "UDP" || value === "TCP");
}

function fits66(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "name":
        if (!(fits61(object["name"]))) return false;
        break;
      case "recordType":
        if (!(fits62(object["recordType"]))) return false;
        break;
      case "responseCode":
        if (!(fits63(object["responseCode"]))) return false;
        break;
      case "answer":
        if (!(fits64(object["answer"]))) return false;
        break;
      case "transport":
        if (!(fits65(object["transport"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits67(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 0 && value.length <= 1024;
}

function fits68(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 32)) return false;
  for (const item of value) if (!(fits67(item))) return false;
  return true;
}

function fits69(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 64 && PATTERN_6.test(value);
}

function fits70(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "name":
        if (!(fits69(object["name"]))) return false;
        break;
      case "value":
        if (!(fits67(object["value"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["name"] === undefined) return false;
  if (object["value"] === undefined) return false;
  return true;
}

function fits71(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 16)) return false;
  for (const item of value) if (!(checked.fit(fits70, item))) return false;
  return true;
}

function fits72(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "command":
        if (!(fits68(object["command"]))) return false;
        break;
      case "environment":
        if (!(checked.fit(fits71, object["environment"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["command"] === undefined) return false;
  return true;
}

function fits73(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 253 && PATTERN_7.test(value);
}

function fits74(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 253 && PATTERN_8.test(value);
}

function fits75(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 253;
}

function fits76(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 65536;
}

function fits77(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "serverName":
        if (!(fits75(object["serverName"]))) return false;
        break;
      case "verify":
        if (!(typeof object["verify"] === 'boolean')) return false;
        break;
      case "clientCertificate":
        if (!(fits9(object["clientCertificate"]))) return false;
        break;
      case "caCertificates":
        if (!(fits76(object["caCertificates"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits78(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "service":
        if (!(fits73(object["service"]))) return false;
        break;
      case "authority":
        if (!(fits74(object["authority"]))) return false;
        break;
      case "tls":
        if (!(fits77(object["tls"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits79(value: unknown): boolean {
  return typeof value === 'string' && (value === "HTTP/1.1" || value === "HTTP/2");
}

function fits80(value: unknown): boolean {
  return typeof value === 'string' && (value === "GET" || value === "HEAD" || value === "OPTIONS");
}

function fits81(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 2048 && PATTERN_9.test(value);
}

function fits82(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 253 && PATTERN_10.test(value);
}

function fits83(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 64 && PATTERN_11.test(value);
}

function fits84(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 256 && PATTERN_12.test(value);
}

function fits85(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "name":
        if (!(fits83(object["name"]))) return false;
        break;
      case "value":
        if (!(fits84(object["value"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["name"] === undefined) return false;
  if (object["value"] === undefined) return false;
  return true;
}

function fits86(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 8)) return false;
  for (const item of value) if (!(checked.fit(fits85, item))) return false;
  return true;
}

function fits87(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 7 && PATTERN_13.test(value);
}

function fits88(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 16)) return false;
  for (const item of value) if (!(fits87(item))) return false;
  return true;
}

function fits89(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 71 && PATTERN_14.test(value);
}

function fits90(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "version":
        if (!(fits79(object["version"]))) return false;
        break;
      case "method":
        if (!(fits80(object["method"]))) return false;
        break;
      case "path":
        if (!(fits81(object["path"]))) return false;
        break;
      case "host":
        if (!(fits82(object["host"]))) return false;
        break;
      case "headers":
        if (!(checked.fit(fits86, object["headers"]))) return false;
        break;
      case "expectStatus":
        if (!(fits88(object["expectStatus"]))) return false;
        break;
      case "expectBody":
        if (!(fits59(object["expectBody"]))) return false;
        break;
      case "expectBodyPattern":
        if (!(fits59(object["expectBodyPattern"]))) return false;
        break;
      case "expectDigest":
        if (!(fits89(object["expectDigest"]))) return false;
        break;
      case "weightHeader":
        if (!(fits83(object["weightHeader"]))) return false;
        break;
      case "tls":
        if (!(fits77(object["tls"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits91(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 16 && value <= 65507;
}

function fits92(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "payloadBytes":
        if (!(fits91(object["payloadBytes"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits93(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 253 && PATTERN_15.test(value);
}

function fits94(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "heloName":
        if (!(fits93(object["heloName"]))) return false;
        break;
      case "startTLS":
        if (!(typeof object["startTLS"] === 'boolean')) return false;
        break;
      case "tls":
        if (!(fits77(object["tls"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits95(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "send":
        if (!(fits59(object["send"]))) return false;
        break;
      case "expect":
        if (!(fits59(object["expect"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits96(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 2048 && PATTERN_16.test(value);
}

function fits97(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "send":
        if (!(fits59(object["send"]))) return false;
        break;
      case "sendHex":
        if (!(fits96(object["sendHex"]))) return false;
        break;
      case "expect":
        if (!(fits59(object["expect"]))) return false;
        break;
      case "expectHex":
        if (!(fits96(object["expectHex"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits98(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "name":
        if (!(fits9(object["name"]))) return false;
        break;
      case "type":
        if (!(fits54(object["type"]))) return false;
        break;
      case "intervalSeconds":
        if (!(fits55(object["intervalSeconds"]))) return false;
        break;
      case "timeoutSeconds":
        if (!(fits56(object["timeoutSeconds"]))) return false;
        break;
      case "rise":
        if (!(fits57(object["rise"]))) return false;
        break;
      case "fall":
        if (!(fits57(object["fall"]))) return false;
        break;
      case "target":
        if (!(fits58(object["target"]))) return false;
        break;
      case "address":
        if (!(fits11(object["address"]))) return false;
        break;
      case "sourceAddress":
        if (!(fits11(object["sourceAddress"]))) return false;
        break;
      case "firewallMark":
        if (!(fits18(object["firewallMark"]))) return false;
        break;
      case "port":
        if (!(fits15(object["port"]))) return false;
        break;
      case "agent":
        if (!(fits60(object["agent"]))) return false;
        break;
      case "dns":
        if (!(fits66(object["dns"]))) return false;
        break;
      case "exec":
        if (!(fits72(object["exec"], checked))) return false;
        break;
      case "grpc":
        if (!(fits78(object["grpc"]))) return false;
        break;
      case "http":
        if (!(fits90(object["http"], checked))) return false;
        break;
      case "ping":
        if (!(fits92(object["ping"]))) return false;
        break;
      case "smtp":
        if (!(fits94(object["smtp"]))) return false;
        break;
      case "tcp":
        if (!(fits95(object["tcp"]))) return false;
        break;
      case "udp":
        if (!(fits97(object["udp"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["name"] === undefined) return false;
  if (object["type"] === undefined) return false;
  return true;
}

function fits99(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 16)) return false;
  for (const item of value) if (!(checked.fit(fits98, item))) return false;
  return true;
}

function fits100(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "initialState":
        if (!(fits52(object["initialState"]))) return false;
        break;
      case "onFailure":
        if (!(fits53(object["onFailure"]))) return false;
        break;
      case "checks":
        if (!(checked.fit(fits99, object["checks"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["checks"] === undefined) return false;
  return true;
}

function fits101(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "timeoutSeconds":
        if (!(fits25(object["timeoutSeconds"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["timeoutSeconds"] === undefined) return false;
  return true;
}

function fits102(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "durationSeconds":
        if (!(fits55(object["durationSeconds"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["durationSeconds"] === undefined) return false;
  return true;
}

function fits103(value: unknown): boolean {
  return typeof value === 'string' && (value === "In" || value === "NotIn" || value === "Exists" || value === "DoesNotExist");
}

function fits104(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length <= 64)) return false;
  for (const item of value) if (!(fits5(item))) return false;
  return true;
}

function fits105(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "key":
        if (!(fits4(object["key"]))) return false;
        break;
      case "operator":
        if (!(fits103(object["operator"]))) return false;
        break;
      case "values":
        if (!(fits104(object["values"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["key"] === undefined) return false;
  if (object["operator"] === undefined) return false;
  return true;
}

function fits106(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 64)) return false;
  for (const item of value) if (!(checked.fit(fits105, item))) return false;
  return true;
}

function fits107(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "matchLabels":
        if (!(fits6(object["matchLabels"]))) return false;
        break;
      case "matchExpressions":
        if (!(checked.fit(fits106, object["matchExpressions"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits108(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "addresses":
        if (!(fits12(object["addresses"]))) return false;
        break;
      case "ports":
        if (!(checked.fit(fits17, object["ports"]))) return false;
        break;
      case "firewallMark":
        if (!(fits21(object["firewallMark"]))) return false;
        break;
      case "scheduler":
        if (!(fits22(object["scheduler"]))) return false;
        break;
      case "schedulerFlags":
        if (!(fits24(object["schedulerFlags"]))) return false;
        break;
      case "onePacketScheduling":
        if (!(typeof object["onePacketScheduling"] === 'boolean')) return false;
        break;
      case "persistence":
        if (!(fits28(object["persistence"]))) return false;
        break;
      case "forwarding":
        if (!(fits36(object["forwarding"]))) return false;
        break;
      case "realServers":
        if (!(checked.fit(fits41, object["realServers"]))) return false;
        break;
      case "realServersFrom":
        if (!(checked.fit(fits45, object["realServersFrom"]))) return false;
        break;
      case "sorryServers":
        if (!(checked.fit(fits46, object["sorryServers"]))) return false;
        break;
      case "quorum":
        if (!(fits50(object["quorum"]))) return false;
        break;
      case "whenNoneAvailable":
        if (!(fits51(object["whenNoneAvailable"]))) return false;
        break;
      case "health":
        if (!(fits100(object["health"], checked))) return false;
        break;
      case "drain":
        if (!(fits101(object["drain"]))) return false;
        break;
      case "slowStart":
        if (!(fits102(object["slowStart"]))) return false;
        break;
      case "nodeSelector":
        if (!(fits107(object["nodeSelector"], checked))) return false;
        break;
      case "suspend":
        if (!(typeof object["suspend"] === 'boolean')) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits109(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "apiVersion":
        if (!(fits1(object["apiVersion"]))) return false;
        break;
      case "kind":
        if (!(fits2(object["kind"]))) return false;
        break;
      case "metadata":
        if (!(fits10(object["metadata"]))) return false;
        break;
      case "spec":
        if (!(fits108(object["spec"], checked))) return false;
        break;
      case "status":
        if (!(true)) return false;
        break;
      default:
        return false;
    }
  }
  if (object["apiVersion"] === undefined) return false;
  if (object["kind"] === undefined) return false;
  if (object["metadata"] === undefined) return false;
  if (object["spec"] === undefined) return false;
  return true;
}

function fits110(value: unknown): boolean {
  return typeof value === 'string' && value === "Director";
}

function fits111(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "name":
        if (!(fits3(object["name"]))) return false;
        break;
      case "labels":
        if (!(fits6(object["labels"]))) return false;
        break;
      case "annotations":
        if (!(fits8(object["annotations"]))) return false;
        break;
      case "generateName":
        if (!(true)) return false;
        break;
      case "uid":
        if (!(true)) return false;
        break;
      case "resourceVersion":
        if (!(true)) return false;
        break;
      case "generation":
        if (!(true)) return false;
        break;
      case "selfLink":
        if (!(true)) return false;
        break;
      case "creationTimestamp":
        if (!(true)) return false;
        break;
      case "deletionTimestamp":
        if (!(true)) return false;
        break;
      case "deletionGracePeriodSeconds":
        if (!(true)) return false;
        break;
      case "finalizers":
        if (!(true)) return false;
        break;
      case "ownerReferences":
        if (!(true)) return false;
        break;
      case "managedFields":
        if (!(true)) return false;
        break;
      default:
        return false;
    }
  }
  if (object["name"] === undefined) return false;
  return true;
}

function fits112(value: unknown): boolean {
  return typeof value === 'string' && (value === "Master" || value === "Backup");
}

function fits113(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 15 && PATTERN_17.test(value);
}

function fits114(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 255;
}

function fits115(value: unknown): boolean {
  return typeof value === 'string' && (value === "Always" || value === "Leader" || value === "Follower");
}

function fits116(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 45 && isMulticastAddress(value);
}

function fits117(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 255;
}

function fits118(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= 65507;
}

function fits119(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "role":
        if (!(fits112(object["role"]))) return false;
        break;
      case "interface":
        if (!(fits113(object["interface"]))) return false;
        break;
      case "syncId":
        if (!(fits114(object["syncId"]))) return false;
        break;
      case "runWhile":
        if (!(fits115(object["runWhile"]))) return false;
        break;
      case "multicastGroup":
        if (!(fits116(object["multicastGroup"]))) return false;
        break;
      case "port":
        if (!(fits15(object["port"]))) return false;
        break;
      case "ttl":
        if (!(fits117(object["ttl"]))) return false;
        break;
      case "maximumMessageLength":
        if (!(fits118(object["maximumMessageLength"]))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["role"] === undefined) return false;
  if (object["interface"] === undefined) return false;
  if (object["syncId"] === undefined) return false;
  return true;
}

function fits120(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 2)) return false;
  for (const item of value) if (!(checked.fit(fits119, item))) return false;
  return true;
}

function fits121(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "tcpSeconds":
        if (!(fits25(object["tcpSeconds"]))) return false;
        break;
      case "tcpFinSeconds":
        if (!(fits25(object["tcpFinSeconds"]))) return false;
        break;
      case "udpSeconds":
        if (!(fits25(object["udpSeconds"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits122(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 317 && PATTERN_18.test(value);
}

function fits123(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 0 && value.length <= 255;
}

function fits124(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      default:
        if (!(fits122(key) && fits123(object[key]))) return false;
    }
  }
  return true;
}

function fits125(value: unknown): boolean {
  return typeof value === 'string' && (value === "Never" || value === "Always");
}

function fits126(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 49 && isPrefix(value);
}

function fits127(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length <= 256)) return false;
  for (const item of value) if (!(fits126(item))) return false;
  return true;
}

function fits128(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 21 && isMarkRange(value);
}

function fits129(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length <= 256)) return false;
  for (const item of value) if (!(fits128(item))) return false;
  return true;
}

function fits130(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "cidrs":
        if (!(fits127(object["cidrs"]))) return false;
        break;
      case "firewallMarks":
        if (!(fits129(object["firewallMarks"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits131(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "adoption":
        if (!(fits125(object["adoption"]))) return false;
        break;
      case "exclusive":
        if (!(fits130(object["exclusive"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits132(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "cidrs":
        if (!(fits127(object["cidrs"]))) return false;
        break;
      case "namespaceSelector":
        if (!(fits107(object["namespaceSelector"], checked))) return false;
        break;
      default:
        return false;
    }
  }
  if (object["cidrs"] === undefined) return false;
  return true;
}

function fits133(value: unknown, checked: CheckedItems): boolean {
  if (!(Array.isArray(value) && value.length <= 64)) return false;
  for (const item of value) if (!(checked.fit(fits132, item))) return false;
  return true;
}

function fits134(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "nodeSelector":
        if (!(fits107(object["nodeSelector"], checked))) return false;
        break;
      case "syncDaemons":
        if (!(checked.fit(fits120, object["syncDaemons"]))) return false;
        break;
      case "timeouts":
        if (!(fits121(object["timeouts"]))) return false;
        break;
      case "sysctls":
        if (!(fits124(object["sysctls"]))) return false;
        break;
      case "ownership":
        if (!(fits131(object["ownership"]))) return false;
        break;
      case "allowedAddresses":
        if (!(checked.fit(fits133, object["allowedAddresses"]))) return false;
        break;
      case "allowedServerCIDRs":
        if (!(fits127(object["allowedServerCIDRs"]))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function fits135(value: unknown, checked: CheckedItems): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
      case "apiVersion":
        if (!(fits1(object["apiVersion"]))) return false;
        break;
      case "kind":
        if (!(fits110(object["kind"]))) return false;
        break;
      case "metadata":
        if (!(fits111(object["metadata"]))) return false;
        break;
      case "spec":
        if (!(fits134(object["spec"], checked))) return false;
        break;
      case "status":
        if (!(true)) return false;
        break;
      default:
        return false;
    }
  }
  if (object["apiVersion"] === undefined) return false;
  if (object["kind"] === undefined) return false;
  if (object["metadata"] === undefined) return false;
  if (object["spec"] === undefined) return false;
  return true;
}
