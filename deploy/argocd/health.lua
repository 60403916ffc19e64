-- How Argo CD sees a VirtualService or a Director. docs/kubernetes.md says where to put this.
local function condition(type)
  if obj.status == nil or obj.status.conditions == nil then
    return nil
  end
  for _, candidate in ipairs(obj.status.conditions) do
    if candidate.type == type then
      return candidate
    end
  end
  return nil
end

local function health(status, message)
  return { status = status, message = message }
end

if obj.spec ~= nil and obj.spec.suspend == true then
  return health("Suspended", "left as it is in the kernel")
end

local ready = condition("Ready")
if ready == nil then
  return health("Progressing", "no director has reported yet")
end
-- What is said of an earlier generation says nothing of this one.
if ready.observedGeneration ~= nil and obj.metadata.generation ~= nil
  and ready.observedGeneration < obj.metadata.generation then
  return health("Progressing", "the last change is not in the kernel yet")
end
if ready.status == "True" then
  return health("Healthy", ready.message)
end
if ready.status == "False" then
  return health("Degraded", ready.message)
end
return health("Progressing", ready.message)
